# no return
def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    shape[0] * shape[1] * out_channels * kernel**2
