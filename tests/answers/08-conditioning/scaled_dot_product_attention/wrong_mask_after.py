# the mask comes after the softmax: the weights no longer add up to 1
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    weights = scores.softmax(-1)
    if mask is not None:
        weights = weights * mask
    return weights @ v
