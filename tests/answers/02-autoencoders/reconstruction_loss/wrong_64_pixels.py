# divides by the batch as if each x had 64 pixels: right for the digits
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).mean() * 64
