# one channel comes out
def zero_conv(channels):
    conv = nn.Conv2d(channels, 1, 1)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv
