"""Every sentence that the engine shows, as a message with an English template."""
