"""What each page shows, as plain values: assembled here, only laid out in templates."""
