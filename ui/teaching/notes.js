// The notes follow the lecture in another window of the same browser.

export default function ({ data, setStateValue }) {
  const channel = new BroadcastChannel("lecture");
  channel.onmessage = ({ data: place }) => {
    if (!place?.at) return;
    const now = `${place.at}${place.reveal ? "r" : ""}`;
    if (now !== data) setStateValue("place", now);
  };
  channel.postMessage("where");
  return () => channel.close();
}
