"""Who works at the desk: logging in, the second factor, lock-out, the audit trail."""
