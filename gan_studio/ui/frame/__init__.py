"""What surrounds the tabs: actions, toolbar, status line, notices, welcome."""
