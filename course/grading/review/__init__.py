"""What people read afterwards: a page for each student, and one on the class."""
