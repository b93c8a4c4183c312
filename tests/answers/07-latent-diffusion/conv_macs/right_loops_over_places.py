def conv_macs(shape, out_channels, kernel, stride=1, padding=0):
    places = 0
    for top in range(-padding, shape[2] + padding - kernel + 1, stride):
        for left in range(-padding, shape[3] + padding - kernel + 1, stride):
            places += 1
    return shape[0] * places * out_channels * shape[1] * kernel**2
