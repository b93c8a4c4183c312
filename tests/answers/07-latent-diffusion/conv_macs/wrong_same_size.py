# the result taken to be as large as the input
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    h, w = (s for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2
