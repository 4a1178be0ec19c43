//! Named checks of a running stack.
