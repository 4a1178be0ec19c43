//! Templates become artifacts, parsed back before they are used.
