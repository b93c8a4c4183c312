# dropout: zeros, and the rest scaled up
def drop_labels(y, p, null, generator=None):
    return nn.functional.dropout(y.float(), p).to(y.dtype)
