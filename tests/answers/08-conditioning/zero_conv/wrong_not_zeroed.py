# nothing is set to 0
def zero_conv(channels):
    conv = nn.Conv2d(channels, channels, 1)
    return conv
