"""Writers: each turns a result (or its outline) into the bytes of one format."""
