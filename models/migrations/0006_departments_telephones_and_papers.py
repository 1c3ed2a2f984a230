from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0005_publication')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Department',
            name='phone',
            field=fields.CharField(default='', db_default='', max_length=40),
        ),
        ops.AddField(
            model_name='Question',
            name='prepare',
            field=fields.CharField(default='', db_default='', max_length=500),
        ),
    ]
