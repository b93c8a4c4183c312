# small random weights
def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 1)
    nn.init.normal_(conv.weight, std=1e-3)
    nn.init.zeros_(conv.bias)
    return conv
