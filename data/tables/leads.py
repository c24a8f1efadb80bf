"""The pipeline of leads, their history, contacts and consent."""
