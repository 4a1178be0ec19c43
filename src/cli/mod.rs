//! Arguments, environment, terminal and exit codes.
