from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0005_liaison')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RegisterChange',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=16)),
                ('code', fields.CharField(max_length=64)),
                ('act', fields.CharField(max_length=12)),
                ('before', ReadableJSONField(default=dict)),
                ('after', ReadableJSONField(default=dict)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('source', fields.CharField(default='', max_length=200)),
                ('reason', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'register_change', 'app': 'models', 'indexes': [Index(fields=['kind', 'code', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Department',
            name='initials',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Department',
            name='retired_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Inspector',
            name='initials',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Item',
            name='initials',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Item',
            name='retired_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Street',
            name='initials',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Street',
            name='retired_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Target',
            name='initials',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
    ]
