# ones in place of zeros
def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.ones_(conv.weight)
    nn.init.ones_(conv.bias)
    return conv
