# v is given the weight of eps
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return w if predicts == "x0" else w / snr[t]
