// Reads a file in the browser and hands it to the run as one message: nothing keeps it on the way, on a disk or in memory.

// Whether a file may be handed over; what is too large would only be refused.
export const fits = (file, most) => file.size <= most;

// What stands behind the comma of a data address: the file's bytes in base64; nothing for an empty file.
export const bytes = (address) => address.slice(address.indexOf(",") + 1 || address.length);

export default function ({ parentElement, data: { label, drop, most, large }, setTriggerValue }) {
  const place = parentElement.querySelector("label"), input = parentElement.querySelector("input");
  const refusal = parentElement.querySelector(".refusal");
  parentElement.querySelector(".name").textContent = label;
  parentElement.querySelector(".drop").textContent = drop;
  const take = (file) => {
    if (!file) return;
    refusal.hidden = fits(file, most);
    refusal.textContent = refusal.hidden ? "" : large;
    if (!refusal.hidden) return;
    const reader = new FileReader();
    reader.onload = () => setTriggerValue("file", bytes(reader.result));
    reader.readAsDataURL(file);
  };
  input.onchange = () => {
    take(input.files[0]);
    input.value = ""; // so that the same file can be chosen again, and the page does not hold it
  };
  place.ondragover = (event) => event.preventDefault();
  place.ondrop = (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  };
}
