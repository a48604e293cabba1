"""One editor a kind of field."""
