"""How the app is put on a server, and what is shipped with it."""
