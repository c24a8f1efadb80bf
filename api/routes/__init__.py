"""One module a resource. Each holds a `router`; `api.app` puts them together.

A handler's name is its operation id: it needs a line in `api.rights`, and changing it breaks
clients.
"""
