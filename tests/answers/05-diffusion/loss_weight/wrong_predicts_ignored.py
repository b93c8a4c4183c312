# predicts is ignored
def loss_weight(t, schedule, predicts="eps"):
    return (schedule.snr[t - 1] / schedule.snr[t] - 1) / 2
