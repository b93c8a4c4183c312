# the identity
def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.dirac_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv
