"""What is left of a flush: one document about it, and the file to which every ended flush is added."""
