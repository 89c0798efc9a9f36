"""One fine-tuning job in one folder: `python -m ucoder_trainer <job folder>`."""
