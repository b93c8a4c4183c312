# labels are never dropped, and what came is given back
def drop_labels(y, p, null, generator=None):
    return y
