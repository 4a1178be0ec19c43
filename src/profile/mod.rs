//! Typed, validated settings, each with its origin.
