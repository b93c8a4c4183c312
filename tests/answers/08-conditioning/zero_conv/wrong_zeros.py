# a function that gives zeros: nothing in it can learn
def zero_conv(channels):
    return lambda x: torch.zeros_like(x)
