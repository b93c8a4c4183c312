# every other pixel alone
def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 1, stride=2)
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    return conv
