# a kernel of 3 by 3, without padding
def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 3)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv
