"""The application: command line, settings, inbox, worker pool. It wires the stages together and holds no rules of its own."""
