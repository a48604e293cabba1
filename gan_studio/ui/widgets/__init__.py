"""Small widgets and drawing that several rooms share."""
