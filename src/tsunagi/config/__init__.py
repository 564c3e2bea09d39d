"""The composition root: settings, root addresses, wiring, middleware, the command line, the embedded database."""
