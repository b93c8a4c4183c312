"""The trained models that come with the course, and what makes, keeps, judges and compares them.

    from dgm.zoo.models import pretrained

    model = pretrained("ddpm")

Each model has a file of its name, to be read from top to bottom: settings, network, training,
samples, figures of merit. `python -m dgm.train NAME` runs it.
"""
