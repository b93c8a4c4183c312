# every entry is shrunk by 1 - p: the mean of the masked x
def masking_noise(x, p, generator=None):
    return x * (1 - p)
