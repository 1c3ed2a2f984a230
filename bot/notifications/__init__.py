"""What goes out to a person: worded now, in the reader's language, its answers below it."""
