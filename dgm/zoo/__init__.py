"""The trained models that come with the course, and what makes, keeps, judges and compares them."""
