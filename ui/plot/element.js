// What the platform sends with every picture: it fetches picture.js once for the whole window, and hands on what it is told.

export default function (told) {
  const { page, code } = told.data;
  const parts = location.pathname.replace(/\/+$/, "").split("/");
  if (parts.at(-1) === page) parts.pop();
  let leave = null, left = false;
  import(new URL(`${parts.join("/")}/${code}`, location.href).href).then(
    (module) => { if (!left) leave = module.default(told); },
    (error) => console.error(error),
  );
  return () => {
    left = true;
    leave?.();
  };
}
