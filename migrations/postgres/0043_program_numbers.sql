-- A new record is refused where another child has its program number.
CREATE INDEX child_by_number ON child (program_number);
