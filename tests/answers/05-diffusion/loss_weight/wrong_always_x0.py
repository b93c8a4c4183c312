# the weight of x0 for all three
def loss_weight(t, schedule, predicts="eps"):
    return (schedule.snr[t - 1] - schedule.snr[t]) / 2
