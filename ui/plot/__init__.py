"""Pictures by address: what a picture shows, the route that answers for it, and the element that asks for it."""
