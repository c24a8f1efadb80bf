"""Work to be done once: jobs, mails to send, idempotency keys."""
