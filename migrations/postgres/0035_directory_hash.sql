-- A state's directory is megabytes long and stands before its hash: on SQLite whoever asks for the hash reads all of it.
CREATE INDEX directory_hash ON directory (revision, body_hash);
