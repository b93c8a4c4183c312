# the input's side over the stride, kernel and padding forgotten
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    h, w = (s // stride for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2
