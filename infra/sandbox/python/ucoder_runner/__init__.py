"""The runner inside the sandbox container. It forks a process per candidate and judges nothing."""
