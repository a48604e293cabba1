"""What surrounds the tabs: actions, toolbar, status bar, notices, welcome."""
