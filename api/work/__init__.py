"""Work that takes long: queues within the service, the worker beside it and its jobs."""
